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
  init(_ path: String, rank: Int) throws(DatasetError) {
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
  func read(_ limit: Int?) throws(DatasetError) -> [UInt8] {
    let items = min(limit ?? count, count)
    let row = sizes.dropFirst().reduce(1, *)
    let bytes = try next(items * row)
    if bytes.count < items * row { throw truncated(items * row, "found \(bytes.count)") }
    if items == count {
      let end = position
      if try !next(1).isEmpty {
        position = end
        throw surplus(items * row)
      }
    }
    return bytes
  }

  private func readInteger(_ title: String) throws(DatasetError) -> Int {
    let bytes = try next(4)
    guard bytes.count == 4 else {
      throw DatasetError(
        .truncated, at: .init(file: path, position: .byte(position)), "ends within \(title)", remedy: "fetch it again")
    }
    return bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// The next bytes of the file, after decompression: `count` of them, or as many as are left.
  private func next(_ count: Int) throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var found = 0
    while found < count {
      let read = bytes.withUnsafeMutableBytes { bytes in
        Int(gzread(stream, bytes.baseAddress.map { $0 + found }, UInt32(min(count - found, 1 << 30))))
      }
      guard read > 0 else {
        try checkStatus(after: read)
        bytes.removeLast(count - found)
        break
      }
      found += read
      position += read
    }
    return bytes
  }

  /// Throws unless the file was read to its end, where zlib reads 0 bytes.
  private func checkStatus(after read: Int) throws(DatasetError) {
    var status = Z_OK
    let message = gzerror(stream, &status).map { String(cString: $0) } ?? ""
    switch status {
    case Z_OK where read == 0:
      return
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

  private static func size(of path: String) throws(DatasetError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError(
        .unreadable, at: .init(file: path), "is not a file", remedy: "name the folder that holds the four files")
    }
    return Int(status.st_size)
  }
}
