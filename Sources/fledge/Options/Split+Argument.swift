public import ArgumentParser
public import Orchestrator

extension Split: ExpressibleByArgument {}
