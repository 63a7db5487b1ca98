"""The OpenFeature Remote Evaluation Protocol (OFREP) 0.3, so that any OpenFeature SDK can ask for flags."""
