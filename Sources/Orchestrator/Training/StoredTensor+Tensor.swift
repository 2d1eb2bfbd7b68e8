import Experiments
import Tensors

extension StoredTensor {
  init(_ tensor: Tensor, named name: String) {
    if case .float32(let values) = tensor.elements {
      self.init(name: name, shape: tensor.shape.sizes, numbers: values)
    } else {
      let type = tensor.elements.type
      self.init(
        name: name, elementType: type.rawValue, elementSize: type.size, shape: tensor.shape.sizes, bytes: tensor.bytes)
    }
  }

  /// Nil for an element type that tensors do not have, or bytes that do not fit.
  var tensor: Tensor? {
    guard let type = ElementType(rawValue: elementType), type.size == elementSize else { return nil }
    return Tensor(Shape(shape), type, bytes: bytes)
  }
}
