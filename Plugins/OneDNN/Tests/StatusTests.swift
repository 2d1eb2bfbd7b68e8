#if OneDNN
  import COneDNN
  import Execution
  import OneDNN
  import Testing

  /// What becomes of the status that oneDNN gives a run.
  struct StatusTests {
    @Test func aProductThatOneDNNRefusesIsAnErrorInItsWords() {
      let factor = [Float](repeating: 1, count: 16)
      var result = factor
      // Rows of the second matrix cannot begin two apart where each has four numbers.
      let refused = fledge_dnn_multiply(0, 0, 4, 4, 4, factor, 4, factor, 2, &result)
      #expect(
        ExecutionError(oneDNN: refused, kernel: "matmul")
          == .kernelFailed(kernel: "matmul", reason: "oneDNN says invalid_arguments"))
      let computed = fledge_dnn_multiply(0, 0, 4, 4, 4, factor, 4, factor, 4, &result)
      #expect(ExecutionError(oneDNN: computed, kernel: "matmul") == nil)
      #expect(result == [Float](repeating: 4, count: 16))
    }
  }
#endif
