import CZlib
import Foundation

/// One file of the IDX format (LeCun 1998), plain or compressed by gzip, read from its start.
///
/// Layout: a big-endian magic number `0x0000 08 rank`, one big-endian 32-bit size an axis, then one byte an element.
final class IDXFile {
  let path: String
  /// The size of each axis.
  private(set) var sizes: [Int] = []
  let isCompressed: Bool
  private let stream: gzFile
  private var position = 0

  private static let greatestSide = 4096
  /// Deflate cannot shrink bytes by more (zlib's technical notes).
  private static let greatestRatio = 1032

  /// Opens a file and reads its header; `rank` is 1 for labels, 3 for images. Throws ``DatasetError``.
  init(_ path: String, rank: Int) throws {
    self.path = path
    guard let stream = gzopen(path, "rb") else {
      throw DatasetError(.unreadable, at: .init(file: path), "cannot be opened: \(String(cString: strerror(errno)))")
    }
    self.stream = stream
    gzbuffer(stream, 1 << 18)
    let fileSize = try Self.size(of: path)
    guard fileSize > 0 else {
      throw DatasetError(.truncated, at: .init(file: path), "is empty", remedy: "fetch it again")
    }
    isCompressed = gzdirect(stream) == 0
    if path.hasSuffix(".gz"), !isCompressed {
      throw DatasetError(
        .notGzip, at: .init(file: path, position: .byte(0)), "is named .gz but is not compressed by gzip",
        remedy: "fetch it again, or take .gz off its name if it is the plain file")
    }
    let magic = 0x0800 + rank
    let found = try readInteger("the magic number")
    guard found == magic else {
      throw DatasetError(
        .wrongMagic, at: .init(file: path, position: .byte(0)),
        "expected the magic number \(magic) of IDX \(rank == 1 ? "labels" : "images"), found \(found)",
        remedy: found == 0x0801 || found == 0x0803
          ? "images and labels seem to be exchanged" : "fetch the file again")
    }
    for axis in 0..<rank {
      let size = try readInteger("the size of axis \(axis)")
      if axis > 0, !(1...Self.greatestSide).contains(size) {
        throw DatasetError(
          .wrongSize, at: .init(file: path, position: .byte(position - 4)),
          "expected images of 1 to \(Self.greatestSide) pixels a side, found \(size)", remedy: "fetch the file again")
      }
      sizes.append(size)
    }
    let announced = sizes.reduce(1, *)
    if !isCompressed, announced > fileSize - position {
      let found = fileSize - position
      position = fileSize
      throw truncated(announced, "found \(found)")
    }
    if !isCompressed, announced < fileSize - position {
      position += announced
      throw surplus(announced)
    }
    if announced / Self.greatestRatio > fileSize {
      throw truncated(announced, "more than \(fileSize) compressed bytes can hold")
    }
  }

  deinit { gzclose(stream) }

  var count: Int { sizes[0] }

  /// The first elements of the outermost axis. Reading all of them checks the end of the file, too.
  func read(_ limit: Int?) throws -> [UInt8] {
    let items = min(limit ?? count, count)
    let row = sizes.dropFirst().reduce(1, *)
    let bytes = try [UInt8](unsafeUninitializedCapacity: items * row) { buffer, initialized in
      while initialized < items * row {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
        let read = try readSome(into: rest)
        if read == 0 { throw truncated(items * row, "found \(initialized)") }
        initialized += read
      }
    }
    if items == count {
      let surplus = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try readSome(into: $0) }
      if surplus > 0 {
        position -= surplus
        throw self.surplus(items * row)
      }
    }
    return bytes
  }

  private func readInteger(_ title: String) throws -> Int {
    try withUnsafeTemporaryAllocation(byteCount: 4, alignment: 4) { buffer in
      var read = 0
      while read < 4 {
        let more = try readSome(into: UnsafeMutableRawBufferPointer(rebasing: buffer[read...]))
        if more == 0 {
          throw DatasetError(
            .truncated, at: .init(file: path, position: .byte(position)), "ends within \(title)",
            remedy: "fetch it again")
        }
        read += more
      }
      return Int(UInt32(bigEndian: buffer.load(as: UInt32.self)))
    }
  }

  /// How many bytes were read; 0 at the end.
  private func readSome(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let read = Int(gzread(stream, buffer.baseAddress, UInt32(min(buffer.count, 1 << 30))))
    if read > 0 {
      position += read
      return read
    }
    var status = Z_OK
    let message = gzerror(stream, &status).map { String(cString: $0) } ?? ""
    switch status {
    case Z_OK where read == 0:
      return 0
    case Z_BUF_ERROR:
      throw DatasetError(
        .truncated, at: .init(file: path, position: .byte(position)), "the compressed file ends too early",
        remedy: "fetch it again")
    case Z_DATA_ERROR:
      let reason = message.split(separator: ": ").last.map(String.init) ?? message
      throw DatasetError(
        .corruptGzip, at: .init(file: path, position: .byte(position)), "the compressed data is damaged (\(reason))",
        remedy: "fetch it again")
    default:
      throw DatasetError(
        .unreadable, at: .init(file: path, position: .byte(position)),
        "cannot be read: \(String(cString: strerror(errno)))")
    }
  }

  private func truncated(_ announced: Int, _ found: String) -> DatasetError {
    DatasetError(
      .truncated, at: .init(file: path, position: .byte(position)),
      "the header announces \(announced) bytes of data, \(found)", remedy: "fetch it again")
  }

  private func surplus(_ announced: Int) -> DatasetError {
    DatasetError(
      .surplus, at: .init(file: path, position: .byte(position)),
      "goes on after the \(announced) bytes of data that its header announces", remedy: "fetch it again")
  }

  private static func size(of path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError(
        .unreadable, at: .init(file: path), "is not a file", remedy: "name the folder that holds the four files")
    }
    return Int(status.st_size)
  }
}
