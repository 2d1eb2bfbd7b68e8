import Tensors

/// A piece of the arena and the steps during which it is in use.
struct Allocation: Equatable {
  let bytes: Int
  var firstUse: Int
  var lastUse: Int
}

/// Offsets into one arena for allocations that overlap in memory only if they do not overlap in time.
struct ArenaLayout: Equatable {
  private(set) var offsets: [Int]
  private(set) var byteCount = 0

  /// Cache lines, and the widest vectors, begin at multiples of this.
  static let alignment = 64

  /// Places the largest first, each at the lowest offset that is free for as long as it lives.
  init(_ allocations: [Allocation]) {
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
  }

  static func rounded(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }
}
