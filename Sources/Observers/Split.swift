/// Which examples a figure is of.
public enum Split: String, Sendable, Hashable, Codable, CaseIterable {
  case train, validation, test
}
