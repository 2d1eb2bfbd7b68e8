/// What is wrong with a safetensors file, as data; `description` makes the sentence.
public struct SafetensorsError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    case missingFile
    case unreadable(reason: String)
    case unwritable(reason: String)
    /// Shorter than the eight bytes that say how long the header is, or no `{` after them.
    case notSafetensors(reason: String)
    case headerTooLong(length: UInt64, available: Int)
    /// `byte` counts from the beginning of the file.
    case malformedHeader(byte: Int?, reason: String)
    case malformedEntry(tensor: String, reason: String)
    case unknownElementType(String, tensor: String)
    case badOffsets(tensor: String, begin: Int, end: Int, reason: String)
    case wrongSize(tensor: String, shape: [Int], elementType: SafetensorsFile.ElementType, expected: Int?, found: Int)
    case unusedBytes(from: Int, to: Int)
    case duplicateTensor(String)
    case unknownTensor(String, candidates: [String])
  }

  public let problem: Problem
  /// The file; nil while the bytes come from nowhere.
  public let path: String?

  public init(_ problem: Problem, in path: String? = nil) {
    self.problem = problem
    self.path = path
  }

  func said(of path: String) -> SafetensorsError { self.path == nil ? SafetensorsError(problem, in: path) : self }
}

extension SafetensorsError: CustomStringConvertible {
  public var description: String { (path ?? "safetensors") + ": " + sentence }

  private var sentence: String {
    switch problem {
    case .missingFile: "there is no such file"
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .unwritable(let reason): "cannot be written: \(reason)"
    case .notSafetensors(let reason): "not a safetensors file: \(reason)"
    case .headerTooLong(let length, let available):
      "the first eight bytes say that the header has \(length) bytes, but \(available) follow"
        + (length > UInt64(SafetensorsFile.greatestHeaderLength)
          ? "; a header has at most \(SafetensorsFile.greatestHeaderLength)" : "; the file may be cut short")
    case .malformedHeader(let byte, let reason):
      "the header is not JSON as expected" + (byte.map { ", at byte \($0) of the file" } ?? "") + ": \(reason)"
    case .malformedEntry(let tensor, let reason):
      "header entry '\(tensor)': \(reason)"
        + (tensor == SafetensorsHeader.metadataKey
          ? "" : "; expected {\"dtype\": text, \"shape\": [whole numbers], \"data_offsets\": [begin, end]}")
    case .unknownElementType(let name, let tensor):
      "tensor '\(tensor)' has the dtype '\(name)'; those that can be read are "
        + SafetensorsFile.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
    case .badOffsets(let tensor, let begin, let end, let reason):
      "tensor '\(tensor)' has data_offsets [\(begin), \(end)]: \(reason)"
    case .wrongSize(let tensor, let shape, let type, let expected?, let found):
      "tensor '\(tensor)' of shape \(shape) and dtype \(type.rawValue) takes \(expected) bytes, not \(found)"
    case .wrongSize(let tensor, let shape, let type, nil, _):
      "tensor '\(tensor)' of shape \(shape) and dtype \(type.rawValue) takes more bytes than can be counted"
    case .unusedBytes(let from, let to):
      "bytes \(from) to \(to) of the data belong to no tensor; each byte must belong to one"
    case .duplicateTensor(let name): "there is a tensor '\(name)' already"
    case .unknownTensor(let name, let candidates):
      "there is no tensor '\(name)'; there are " + (candidates.isEmpty ? "none" : candidates.joined(separator: ", "))
    }
  }
}
