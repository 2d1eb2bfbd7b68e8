import Registry

extension Registry {
  /// The kind that a user means; the plural will do, too.
  func kind(named text: String) throws(CommandError) -> String {
    if let kind = kinds.first(where: { $0 == text || plural($0) == text }) { return kind }
    let hint = nearest(to: text, among: kinds).map { "; did you mean '\($0)'?" } ?? ""
    throw CommandError("there is no kind '\(text)'\(hint)\n  kinds: \(kinds.joined(separator: ", "))")
  }

  /// Every part of a name, of whatever kind or of one.
  func parts(named name: String, kind: String? = nil) throws(CommandError) -> [Registry.Entry] {
    let searched = kind.map { [$0] } ?? kinds
    let found = searched.flatMap { entries(of: $0) }
    let parts = found.filter { $0.name == name }
    if !parts.isEmpty { return parts }
    let title = kind ?? "part"
    let hint = suggestion(for: name, among: found.map(\.name))
    if let kind, let other = entries(named: name).first {
      throw CommandError("there is no \(kind) '\(name)', but \(other.kind) '\(name)'; leave out the kind, or name that")
    }
    let remedy =
      kind.map { "\n  \(plural($0)): \(found.map(\.name).joined(separator: ", "))" }
      ?? "\n  'fledge list' shows all that there are"
    throw CommandError("there is no \(title) '\(name)'\(hint)\(remedy)")
  }
}
