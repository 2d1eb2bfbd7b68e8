/// The candidate that a mistyped name most likely means.
///
/// A candidate is near when at most a third of the letters differ (at least one): more turns `elu` into anything.
public func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
  nearest(to: name, among: candidates, limit: 1).first
}

/// The candidates that a mistyped name most likely means, nearest first, each once.
///
/// - Complexity: O(*n*²) for each candidate of about the *n* letters of the name.
public func nearest(to name: String, among candidates: some Sequence<String>, limit: Int) -> [String] {
  let allowed = max(1, name.count / 3)
  let wanted = Array(name.lowercased())
  var distances: [(candidate: String, distance: Int)] = []
  for candidate in Set(candidates) where abs(candidate.count - name.count) <= allowed {
    let distance = editDistance(wanted, Array(candidate.lowercased()))
    if distance <= allowed { distances.append((candidate, distance)) }
  }
  return distances.sorted { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }.prefix(limit).map(\.candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into another
/// (optimal string alignment, Damerau 1964).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforePrevious[j - 1] + 1) }
      current.append(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
