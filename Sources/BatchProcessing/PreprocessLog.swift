internal import DICOMCore
internal import Foundation

/// One line of `log.jsonl`: what became of a frame, or of a file that was not used.
///
/// Every line has every key; what does not apply is `null`.
struct PreprocessLogLine: Sendable, Equatable, Encodable {
  enum Outcome: String, Sendable, Encodable { case used, skipped, quarantined }

  var source: String
  var outcome: Outcome
  var reason: String?
  var detail: String?
  var sopInstanceUID: UID?
  /// From 1.
  var frame: Int?
  var transferSyntaxUID: UID?
  var pixelDigest: ContentDigest?
  var tensorDigest: ContentDigest?
  /// Relative to the output folder.
  var png: String?
  var tensor: String?
  /// The row in the tensor file.
  var index: Int?
  var steps: [ProcessingStep] = []

  enum CodingKeys: String, CodingKey {
    case source, outcome, reason, detail, frame, png, tensor, index, steps
    case sopInstanceUID = "sop_instance_uid"
    case transferSyntaxUID = "transfer_syntax_uid"
    case pixelDigest = "pixel_digest"
    case tensorDigest = "tensor_digest"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(source, forKey: .source)
    try container.encode(outcome, forKey: .outcome)
    try container.encode(reason, forKey: .reason)
    try container.encode(detail, forKey: .detail)
    try container.encode(sopInstanceUID, forKey: .sopInstanceUID)
    try container.encode(frame, forKey: .frame)
    try container.encode(transferSyntaxUID, forKey: .transferSyntaxUID)
    try container.encode(pixelDigest, forKey: .pixelDigest)
    try container.encode(tensorDigest, forKey: .tensorDigest)
    try container.encode(png, forKey: .png)
    try container.encode(tensor, forKey: .tensor)
    try container.encode(index, forKey: .index)
    try container.encode(steps, forKey: .steps)
  }
}
