/// The type in which a program keeps the operands of its products, and images between them.
///
/// Variables, reductions (losses, moments, gradients of parameters) and all arithmetic but products are Float32 in either;
/// with bfloat16, products multiply bfloat16 numbers and sum in Float32 (Micikevicius et al. 2018).
public enum Precision: String, Sendable, Codable, CaseIterable {
  case float32, bfloat16
}
