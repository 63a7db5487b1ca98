"""All measurements: `make bench`."""

from benchmarks import generations

generations.main()
