import Tensors

/// A piece of the arena and the steps during which it is in use.
package struct Allocation: Equatable {
  let bytes: Int
  var firstUse: Int
  var lastUse: Int

  package init(bytes: Int, firstUse: Int, lastUse: Int) {
    self.bytes = bytes
    self.firstUse = firstUse
    self.lastUse = lastUse
  }
}

/// Offsets into one arena for allocations that overlap in memory only if they do not overlap in time.
///
///     256 bytes in steps 0 to 1    at 0
///     128 bytes in steps 1 to 2    at 256: the first is still in use in step 1
///      64 bytes in steps 2 to 3    at 0: the first is not in use any more
package struct ArenaLayout: Equatable {
  package var offsets: [Int]
  private(set) var byteCount = 0

  /// Cache lines, and the widest vectors, begin at multiples of this.
  static let alignment = 64

  /// Places the largest first, each at the lowest offset that is free for as long as it lives.
  ///
  /// - Complexity: O(*n*² log *n*) for *n* allocations.
  package init(_ allocations: [Allocation]) {
    offsets = Array(repeating: 0, count: allocations.count)
    let order = allocations.indices.sorted {
      (allocations[$1].bytes, $0) < (allocations[$0].bytes, $1)
    }
    var placed: [Int] = []
    for index in order {
      let allocation = allocations[index]
      var offset = 0
      for other in placed.sorted(by: { offsets[$0] < offsets[$1] })
      where allocations[other].firstUse <= allocation.lastUse && allocation.firstUse <= allocations[other].lastUse {
        if offsets[other] >= offset + Self.rounded(allocation.bytes) { break }
        offset = max(offset, offsets[other] + Self.rounded(allocations[other].bytes))
      }
      offsets[index] = offset
      placed.append(index)
      byteCount = max(byteCount, offset + Self.rounded(allocation.bytes))
    }
    assert(violation(of: allocations) == nil, violation(of: allocations) ?? "")
  }

  /// The invariant: how the layout fails these allocations; nil if it does not. Each begins at a multiple of the alignment,
  /// ends within the arena, and shares no byte with another that is in use in the same step.
  package func violation(of allocations: [Allocation]) -> String? {
    guard offsets.count == allocations.count else {
      return "\(allocations.count) allocations at \(offsets.count) places"
    }
    let placed = zip(allocations, offsets).map { (use: $0.firstUse...$0.lastUse, bytes: $1..<$1 + $0.bytes) }
    for (index, first) in placed.enumerated() {
      if first.bytes.lowerBound % Self.alignment != 0 {
        return "allocation \(index) begins at \(first.bytes.lowerBound)"
      }
      if first.bytes.lowerBound < 0 || first.bytes.upperBound > byteCount {
        return "allocation \(index) leaves the arena"
      }
      for (other, second) in placed.enumerated().dropFirst(index + 1)
      where first.use.overlaps(second.use) && first.bytes.overlaps(second.bytes) {
        return "allocations \(index) and \(other) share bytes while both are in use"
      }
    }
    return nil
  }

  static func rounded(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }
}
