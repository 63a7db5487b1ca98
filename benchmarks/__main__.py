"""All measurements: `make bench`."""

from benchmarks import flags, generations

generations.main()
flags.main()
