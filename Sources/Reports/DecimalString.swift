internal import Foundation

/// The DS form of a number: the shortest text that reads back the same if it has at most 16 characters, else the nearest
/// one that fits (PS3.5 6.2). `number` is finite.
func decimalString(_ number: Double) -> String {
  if let integer = Int(exactly: number), abs(integer) < 1_000_000_000_000_000 { return String(integer) }
  let exact = number.description
  if exact.utf8.count <= 16 { return exact }
  // Sign, point and an exponent such as e-308 take up to seven characters, so nine digits always fit.
  for digits in stride(from: 15, through: 10, by: -1) {
    let rounded = String(format: "%.\(digits)g", number)
    if rounded.utf8.count <= 16 { return rounded }
  }
  return String(format: "%.9g", number)
}

/// A number for people to read: three decimals, or two digits and an exponent for small ones.
func shortNumber(_ number: Double) -> String {
  abs(number) >= 0.001 || number == 0 ? String(format: "%.3f", number) : String(format: "%.1e", number)
}
