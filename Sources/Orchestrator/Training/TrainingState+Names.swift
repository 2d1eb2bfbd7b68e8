import Registry

extension TrainingState {
  /// Names what version 0.1.0 kept by position.
  ///
  /// `figures`: loss and metrics of the run that goes on. They name the sums if the run's metrics are those of the
  /// state.
  ///
  /// `callers`: the observers that the caller brings.
  mutating func nameWhatGoesByPosition(figures: [String], isOfTheseMetrics: Bool, callers: [String]) throws {
    guard version == nil else { return }
    if isOfTheseMetrics, sums.count == figures.count {
      for index in sums.indices { sums[index].name = figures[index] }
    }
    let own = try Recipe(yaml: recipe, origin: "the recipe of the state").observers
    let observed = own == "none" ? [] : try Specification.parseSequence(own, origin: "observers").map(\.description)
    for (index, name) in (observed + callers).enumerated() where index < observers.count {
      observers[index].name = name
    }
    version = Self.currentVersion
  }
}

extension [Named<[UInt8]>] {
  /// The state of each of some observers; nil where there is none.
  ///
  /// Of equal names the first goes to the first. A part whose arguments were changed gets the state that is left of a part
  /// of that name, if no other could be meant.
  func states(of names: [String]) -> [[UInt8]?] {
    var left = self
    var states: [[UInt8]?] = names.map { name in
      left.firstIndex { $0.name == name }.map { left.remove(at: $0).value }
    }
    let changed = names.indices.filter { states[$0] == nil }
    for index in changed {
      let part = part(names[index])
      let candidates = left.filter { $0.name.map(self.part) == part }
      if candidates.count == 1, changed.count(where: { self.part(names[$0]) == part }) == 1 {
        states[index] = candidates[0].value
      }
    }
    return states
  }

  private func part(_ name: String) -> Substring { name.prefix { $0 != "(" } }
}
