import Foundation
import Tensors

/// The images of an uncompressed IDX file, `[count, 1, height, width]` as bytes, read from the file whenever they are asked
/// for: the system keeps in memory what fits.
///
/// Each image is one positional read. Through a memory mapping, a file that becomes shorter meanwhile would end the process
/// with a signal; here it is an error. The file is kept open: renamed or deleted, it is still the same file.
final class IDXImages: ExampleSource {
  let shape: Shape
  let elementType = ElementType.uint8
  private let path: String
  private let descriptor: Int32
  private let size: Int

  /// Where the first image stands, after the magic number and the size of each axis.
  private static let start = 16

  /// The first `count` images of a file whose header was read. Throws ``DatasetError``.
  init(_ file: IDXFile, count: Int) throws(DatasetError) {
    path = file.path
    shape = Shape([count, 1, file.sizes[1], file.sizes[2]])
    size = file.sizes[1] * file.sizes[2]
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      throw DatasetError(.unreadable, at: .init(file: path), "cannot be opened: \(String(cString: strerror(errno)))")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Throws ``DatasetError`` if the file became shorter, or the system cannot read it any more.
  func copyRow(_ index: Int, into values: inout [Float]) throws {
    precondition((0..<shape[0]).contains(index), "row \(index) of \(shape[0])")
    if values.count != size { values = Array(repeating: 0, count: size) }
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { bytes in
      let start = Self.start + index * size
      var found = 0
      while found < size {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[found...])
        let read = pread(descriptor, rest.baseAddress, rest.count, off_t(start + found))
        if read < 0, errno == EINTR { continue }
        guard read > 0 else { throw failure(image: index, at: start + found, found: found, read < 0 ? errno : nil) }
        found += read
      }
      for position in 0..<size { values[position] = Float(bytes[position]) }
    }
  }

  private func failure(image: Int, at byte: Int, found: Int, _ code: Int32?) -> DatasetError {
    let place = DatasetError.Place(file: path, position: .byte(byte))
    guard let code else {
      return DatasetError(
        .truncated, at: place,
        "the file has become shorter since it was opened: expected \(size) bytes of image \(image), found \(found)",
        remedy: "put the whole file back and resume the run")
    }
    return DatasetError(
      .unreadable, at: place, "image \(image) cannot be read: \(String(cString: strerror(code)))",
      remedy: "see to the disk or the network that holds it, and resume the run")
  }
}
