"""All measurements: `make bench`."""

from benchmarks import analytics, flags, generations, polls, telemetry

generations.main()
polls.main()
flags.main()
analytics.main()
telemetry.main()
