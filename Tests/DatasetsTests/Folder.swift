import Datasets
import Foundation
import Registry
import Tensors
import Testing

/// A temporary folder that goes with its owner.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "fledge-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

  /// Cuts a file off after some bytes, in place: who has it open sees it.
  func shorten(_ name: String, to size: Int) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: "\(path)/\(name)"))
    try file.truncate(atOffset: UInt64(size))
    try file.close()
  }

  /// Loads with this folder as the working folder; no other place holds data.
  func load(_ specification: String, seed: UInt64 = 1, dataFolders: [String] = []) throws -> DatasetSplits {
    var registry = Registry()
    DatasetsPlugin.register(in: &registry)
    try registry.validate()
    let context = DatasetContext(
      seed: seed, dataFolders: dataFolders, workingFolder: path, systemFolder: "\(path)/system")
    return try registry.make(specification, as: .dataset, origin: "test").load(context)
  }

  /// What loading fails with, the folder's path written as FOLDER.
  func failure(_ specification: String, dataFolders: [String] = []) throws -> (code: DatasetError.Code, text: String) {
    let error = try #require(throws: DatasetError.self) { _ = try load(specification, dataFolders: dataFolders) }
    return (error.code, "\(error)".replacing(path, with: "FOLDER"))
  }
}

extension Examples {
  /// The numbers of all inputs, row after row.
  func allInputs() throws -> [Float] { try inputs.rows(0..<count).floats }
}
