import Tensors

/// The images of an IDX file (LeCun 1998), each `[1, height, width]` as bytes.
struct IDXImages {
  let images: [Tensor]

  /// Throws `CommandError` for labels and for files that are cut off.
  init(_ contents: [UInt8], _ path: String) throws(CommandError) {
    func integer(at position: Int) throws(CommandError) -> Int {
      guard position + 4 <= contents.count else { throw CommandError("\(path): it ends within its header") }
      return contents[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let magic = try integer(at: 0)
    guard magic == 0x0803 else {
      let found = magic == 0x0801 ? "IDX labels" : "the magic number \(magic)"
      throw CommandError("\(path): expected IDX images (magic number 2051), found \(found)")
    }
    let (count, height, width) = (try integer(at: 4), try integer(at: 8), try integer(at: 12))
    guard (1...65_536).contains(height), (1...65_536).contains(width) else {
      throw CommandError("\(path): images of \(height)×\(width) are announced; fetch the file again")
    }
    let size = height * width
    let announced = Shape([count, size]).elementCount
    guard announced == contents.count - 16 else {
      throw CommandError(
        "\(path): the header announces \(count) images of \(height)×\(width), \(announced) bytes; there are "
          + "\(contents.count - 16)")
    }
    images = (0..<count).compactMap { index in
      let start = 16 + index * size
      return Tensor([1, height, width], .uint8(Array(contents[start..<start + size])))
    }
  }
}
