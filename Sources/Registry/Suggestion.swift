/// The candidate that a mistyped name most likely means.
///
/// A candidate is near when at most a third of the letters differ (at least one): more turns `elu` into anything.
public func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
  let allowed = max(1, name.count / 3)
  let ranked = candidates.map { (candidate: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
  guard let best = ranked.min(by: { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }),
    best.distance <= allowed
  else { return nil }
  return best.candidate
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into another
/// (optimal string alignment, Damerau 1964).
private func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
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
