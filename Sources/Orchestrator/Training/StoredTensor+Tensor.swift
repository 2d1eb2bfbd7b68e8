import Experiments
import Tensors

extension StoredTensor {
  init(_ tensor: Tensor, named name: String) {
    let type = tensor.elements.type
    self.init(
      name: name, elementType: type.rawValue, elementSize: type.size, shape: tensor.shape.sizes,
      bytes: tensor.littleEndian)
  }

  /// Nil for an element type that tensors do not have, or bytes that do not fit.
  var tensor: Tensor? {
    guard let type = ElementType(rawValue: elementType), type.size == elementSize else { return nil }
    return Tensor(Shape(shape), type, bytes: bytes)
  }
}

extension Tensor {
  /// `bytes`, in one copy where memory already has that order: checkpoints are saved between two steps.
  fileprivate var littleEndian: [UInt8] {
    #if _endian(little)
      switch elements {
      case .float32(let values): return values.withUnsafeBytes { Array($0) }
      case .float64(let values): return values.withUnsafeBytes { Array($0) }
      case .int32(let values): return values.withUnsafeBytes { Array($0) }
      case .uint8(let values): return values
      }
    #else
      return bytes
    #endif
  }
}
