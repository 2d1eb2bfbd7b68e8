import Foundation
import Tensors
import Testing

@Suite struct ShapeTests {
  @Test func stridesAreRowMajor() {
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
    #expect(Shape.scalar.strides == [] && Shape.scalar.elementCount == 1)
    #expect(Shape([3, 0, 2]).elementCount == 0)
  }

  @Test func negativeAxesCountFromTheEnd() {
    var shape: Shape = [2, 3, 4]
    #expect(shape[-1] == 4 && shape[0] == 2)
    shape[-2] = 7
    #expect(shape == [2, 7, 4])
    #expect(shape.reducing([0, 2]) == [1, 7, 1])
  }

  @Test(
    "shapes broadcast as NumPy's do",
    arguments: [
      ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([], [4], [4]), ([1], [], [1]),
      ([5, 1, 2], [3, 1], [5, 3, 2]),
      ([2, 3], [2], nil), ([0, 1], [1, 4], [0, 4]), ([0], [2], nil),
    ] as [(Shape, Shape, Shape?)])
  func broadcasts(_ first: Shape, _ second: Shape, _ expected: Shape?) {
    #expect(first.broadcast(with: second) == expected, "\(first) with \(second)")
    #expect(second.broadcast(with: first) == expected, "\(second) with \(first)")
  }

  @Test func shapesAreCodedAsLists() throws {
    let data = try JSONEncoder().encode([Shape([2, 3]), Shape.scalar])
    #expect(String(data: data, encoding: .utf8) == "[[2,3],[]]")
    #expect(try JSONDecoder().decode([Shape].self, from: data) == [[2, 3], []])
  }
}

@Suite struct TensorTests {
  @Test func theCountMustBeTheShapes() {
    #expect(Tensor([2, 2], .float32([1, 2, 3])) == nil)
    #expect(Tensor([2, 2], .int32([1, 2, 3, 4]))?.reshaped([3]) == nil)
    #expect(Tensor([2, 2], .int32([1, 2, 3, 4]))?.reshaped([4])?.shape == [4])
    #expect(Tensor(2.5).shape == .scalar)
    #expect(Tensor([2, 2]) { Double($0) }.doubles == [0, 1, 2, 3])
  }

  @Test func wholeTypesTakeTheNearestNumber() {
    let numbers = Tensor([8]) { [-1e20, -1.5, -0.4, 0.5, 1.5, 255.4, 1e20, .nan][$0] }
    #expect(numbers.converted(to: .uint8).elements == .uint8([0, 0, 0, 1, 2, 255, 255, 0]))
    #expect(numbers.converted(to: .int32).elements == .int32([.min, -2, 0, 1, 2, 255, .max, 0]))
    #expect(Tensor(0.1).converted(to: .float32).doubles == [Double(Float(0.1))])
    #expect(Tensor([2], .uint8([3, 200]))?.floats == [3, 200])
  }

  @Test(arguments: ElementType.allCases)
  func bytesAreLittleEndianAndRestoreTheTensor(_ type: ElementType) throws {
    let tensor = Tensor([2, 3]) { [0, 1, 2, 100, 127, 255][$0] }.converted(to: type)
    let bytes = tensor.bytes
    #expect(bytes.count == 6 * type.size)
    #expect(Tensor([2, 3], type, bytes: bytes) == tensor, "\(type)")
    #expect(Tensor([2, 3], type, bytes: bytes.dropLast()) == nil, "\(type)")
    #expect(Tensor([2, 4], type, bytes: bytes) == nil, "\(type)")
  }

  @Test func bytesAreThoseOfTheFormat() {
    #expect(Tensor([1], .float32([1.5]))?.bytes == [0, 0, 0xC0, 0x3F])
    #expect(Tensor([1], .float64([-2]))?.bytes == [0, 0, 0, 0, 0, 0, 0, 0xC0])
    #expect(Tensor([2], .int32([1, -2]))?.bytes == [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF])
  }

  @Test func everyBitPatternSurvives() {
    let values: [Float] = [.nan, -.nan, .infinity, -0.0, .leastNonzeroMagnitude, Float(bitPattern: 0x7FA0_0001)]
    let restored = Tensor([6], .float32(values)).flatMap { Tensor([6], .float32, bytes: $0.bytes) }
    #expect(restored?.floats.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func rowsAreGatheredInOrder() throws {
    let tensor = Tensor([3, 2]) { Double($0) }
    #expect(tensor.gathering([2, 0, 2]).doubles == [4, 5, 0, 1, 4, 5])
    #expect(tensor.gathering([]).shape == [0, 2])
    let examples = Examples(inputs: tensor, targets: Tensor([3]) { Double($0) }, classNames: nil)
    #expect(try examples?[[1]].inputs.rows([0]).doubles == [2, 3])
    let again = try examples?[[2, 1, 0]][[2, 0]].inputs.rows(0..<2)
    #expect(again?.doubles == [0, 1, 4, 5], "a selection of a selection")
    #expect(examples?.inputShape == [2])
    #expect(Examples(inputs: tensor, targets: Tensor([2]) { _ in 0 }, classNames: nil) == nil)
    #expect(Examples(inputs: Tensor(1), targets: Tensor(1), classNames: nil) == nil)
  }
}
