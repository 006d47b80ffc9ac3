internal import Foundation

/// A tensor as bytes, for checkpoints that tests write without the product's own writer.
struct StoredTensor {
  enum FloatType: String, CaseIterable { case float32 = "F32", float16 = "F16", bfloat16 = "BF16" }

  var name: String
  var shape: [Int]
  var type: String
  var bytes: [UInt8]

  init(name: String, shape: [Int], type: String, bytes: [UInt8]) {
    (self.name, self.shape, self.type, self.bytes) = (name, shape, type, bytes)
  }

  /// Rounds `floats` to `type`, to nearest with ties to even.
  init(name: String, shape: [Int], floats: [Float], type: FloatType) {
    let bytes =
      switch type {
      case .float32: Self.bytes(floats.map(\.bitPattern))
      case .float16: Self.bytes(floats.map { Float16($0).bitPattern })
      case .bfloat16:
        Self.bytes(
          floats.map(\.bitPattern).map { UInt16(truncatingIfNeeded: ($0 + 0x7FFF + ($0 >> 16 & 1)) >> 16) })
      }
    self.init(name: name, shape: shape, type: type.rawValue, bytes: bytes)
  }

  /// The bytes of `numbers`, little endian as this processor.
  private static func bytes(_ numbers: [some FixedWidthInteger]) -> [UInt8] {
    unsafe numbers.withUnsafeBytes { unsafe Array($0) }
  }

  /// A safetensors file of `tensors`, in their order.
  static func file(_ tensors: [StoredTensor]) -> Data {
    var offset = 0
    let members = tensors.map { tensor in
      let end = offset + tensor.bytes.count
      defer { offset = end }
      return
        #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"data_offsets":[\#(offset),\#(end)]}"#
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var data = Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    data.append(contentsOf: header)
    for tensor in tensors { data.append(contentsOf: tensor.bytes) }
    return data
  }
}
