/// The version of Bucky, written into every output.
package enum BuckyVersion {
  package static let product = "Bucky"
  package static let text = "0.1.0"
}
