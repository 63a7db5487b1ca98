/** My sessions: strips and local times. */

import { drawPlacedStrips } from "./strip.js";
import { localiseTimes } from "./times.js";

drawPlacedStrips();
localiseTimes();
