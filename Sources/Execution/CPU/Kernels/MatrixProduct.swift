import COpenBLAS
import Synchronization
import Tensors

/// The product of two matrices by BLAS.
struct MatrixProduct: Kernel {
  private let node: LibraryNode
  private let transposeFirst: Bool
  private let transposeSecond: Bool

  init(_ node: LibraryNode, transposeFirst: Bool, transposeSecond: Bool) {
    self.node = node
    self.transposeFirst = transposeFirst
    self.transposeSecond = transposeSecond
  }

  var note: String? { "OpenBLAS" }

  func run(_ memory: Memory) {
    let first = Matrix(memory[node.operands[0]], columns: node.operandShapes[0][1], isTransposed: transposeFirst)
    let second = Matrix(memory[node.operands[1]], columns: node.operandShapes[1][1], isTransposed: transposeSecond)
    multiply(
      first, second, into: memory[node.result], rows: node.shape[0], columns: node.shape[1],
      inner: node.operandShapes[0][transposeFirst ? 0 : 1], on: .own(threads: memory.threads))
  }
}

/// A row-major matrix in memory, to be read as it is or transposed.
struct Matrix {
  let elements: UnsafePointer<Float>
  /// Elements from one row to the next, in memory.
  let columns: Int
  let isTransposed: Bool

  init(_ elements: UnsafePointer<Float>, columns: Int, isTransposed: Bool = false) {
    self.elements = elements
    self.columns = columns
    self.isTransposed = isTransposed
  }

  fileprivate var order: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
}

/// Where OpenBLAS computes.
enum Team {
  /// On so many threads that it gets itself.
  case own(threads: Int)
  /// On the calling thread, which is one of a team already.
  case caller
}

/// result [rows, columns] = a · b, or the sum of both if `accumulates`.
func multiply(
  _ a: Matrix, _ b: Matrix, into result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int,
  accumulates: Bool = false, on team: Team
) {
  guard rows > 0, columns > 0 else { return }
  func compute() {
    cblas_sgemm(
      CblasRowMajor, a.order, b.order, blasint(rows), blasint(columns), blasint(inner), 1, a.elements,
      blasint(max(1, a.columns)), b.elements, blasint(max(1, b.columns)), accumulates ? 1 : 0, result, blasint(columns))
  }
  guard case .own(let threads) = team else { return compute() }
  openBLASTeam.withLock { _ in
    openblas_set_num_threads(Int32(threads))
    compute()
  }
}

extension Graph {
  /// Throws if a product or convolution has more rows or columns than OpenBLAS counts.
  func checkMatrixSizes() throws(ExecutionError) {
    let most = Int(blasint.max)
    for node in nodes where node.operation.isProduct {
      for shape in node.operands.map({ nodes[$0].shape }) + [node.shape] where !shape.sizes.contains(0) {
        guard shape[0] <= most, shape.elementCount / shape[0] <= most else {
          throw .kernelFailed(
            kernel: node.operation.title,
            reason: "\(shape) as a matrix has more than \(most) rows or columns; use smaller sizes")
        }
      }
    }
  }
}

/// OpenBLAS has one team a process, whose buffers it frees when the number of threads changes: one session at a time.
private let openBLASTeam = Mutex(())
