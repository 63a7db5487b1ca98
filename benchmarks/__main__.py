"""All measurements: `make bench`."""

from benchmarks import analytics, flags, generations, telemetry

generations.main()
flags.main()
analytics.main()
telemetry.main()
