package import DICOMCore

/// What is known of a transfer syntax (PS3.6 annex A).
package enum TransferSyntax {
  /// How the frames of a transfer syntax are stored.
  enum Encoding: Equatable {
    case native
    /// One frame after the other in fragments, each as native pixel data.
    case encapsulatedUncompressed
    case rle
    case jpeg
    case jpegLS
    /// JPEG 2000 and High-Throughput JPEG 2000, Part 1 and Part 15.
    case jpeg2000
    /// Every frame deflated on its own (PS3.5 8.2.16).
    case deflatedFrame
    /// Known by name, with no decoder here.
    case unsupported
  }

  /// How frames are stored; `nil` for a UID that PS3.6 does not list.
  static func encoding(_ uid: UID) -> Encoding? {
    switch uid {
    case .implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian, .deflatedExplicitVRLittleEndian:
      .native
    case .encapsulatedUncompressedExplicitVRLittleEndian: .encapsulatedUncompressed
    case .rleLossless: .rle
    case .jpegLSLossless, .jpegLSNearLossless: .jpegLS
    case .jpeg2000Lossless, .jpeg2000, .htj2kLossless, .htj2kLosslessRPCL, .htj2k: .jpeg2000
    case .deflatedImageFrame: .deflatedFrame
    default: jpegProcesses.contains(uid.value) ? .jpeg : names[uid.value].map { _ in .unsupported }
    }
  }

  /// Whether frames of this transfer syntax can be decoded.
  package static func isSupported(_ uid: UID) -> Bool {
    encoding(uid).map { $0 != .unsupported } ?? false
  }

  /// The name in PS3.6, or `nil` for a UID that it does not list.
  package static func name(_ uid: UID) -> String? { names[uid.value] }

  /// The name and the UID, as in `JPEG Baseline (Process 1) (1.2.840.10008.1.2.4.50)`.
  package static func describe(_ uid: UID) -> String {
    (name(uid) ?? "private or unknown transfer syntax") + " (\(uid))"
  }

  /// Sequential DCT, spectral selection, full progression and lossless: what the IJG library decodes.
  private static let jpegProcesses: Set<String> = Set(
    ["50", "51", "53", "55", "57", "70"].map { "1.2.840.10008.1.2.4.\($0)" })

  /// Names by UID, shortened by the retired JPEG processes that were never in use.
  private static let names: [String: String] = Dictionary(
    uniqueKeysWithValues: [
      ("1.2.840.10008.1.2", "Implicit VR Little Endian"),
      ("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
      ("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
      ("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian"),
      ("1.2.840.10008.1.2.2", "Explicit VR Big Endian"),
      ("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)"),
      ("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)"),
      ("1.2.840.10008.1.2.4.52", "JPEG Extended (Process 3 and 5)"),
      ("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)"),
      ("1.2.840.10008.1.2.4.54", "JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)"),
      ("1.2.840.10008.1.2.4.55", "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)"),
      ("1.2.840.10008.1.2.4.56", "JPEG Full Progression, Non-Hierarchical (Process 11 and 13)"),
      ("1.2.840.10008.1.2.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)"),
      ("1.2.840.10008.1.2.4.58", "JPEG Lossless, Non-Hierarchical (Process 15)"),
      ("1.2.840.10008.1.2.4.70", "JPEG Lossless, Non-Hierarchical, First-Order Prediction"),
      ("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless Image Compression"),
      ("1.2.840.10008.1.2.4.81", "JPEG-LS Lossy (Near-Lossless) Image Compression"),
      ("1.2.840.10008.1.2.4.90", "JPEG 2000 Image Compression (Lossless Only)"),
      ("1.2.840.10008.1.2.4.91", "JPEG 2000 Image Compression"),
      ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)"),
      ("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component Image Compression"),
      ("1.2.840.10008.1.2.4.94", "JPIP Referenced"),
      ("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate"),
      ("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level"),
      ("1.2.840.10008.1.2.4.100.1", "Fragmentable MPEG2 Main Profile / Main Level"),
      ("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level"),
      ("1.2.840.10008.1.2.4.101.1", "Fragmentable MPEG2 Main Profile / High Level"),
      ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1"),
      ("1.2.840.10008.1.2.4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1"),
      ("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
      ("1.2.840.10008.1.2.4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
      ("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video"),
      ("1.2.840.10008.1.2.4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video"),
      ("1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video"),
      ("1.2.840.10008.1.2.4.105.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video"),
      ("1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"),
      ("1.2.840.10008.1.2.4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"),
      ("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1"),
      ("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1"),
      ("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
      ("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
      ("1.2.840.10008.1.2.4.112", "JPEG XL"),
      ("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Image Compression (Lossless Only)"),
      ("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)"),
      ("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000 Image Compression"),
      ("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced"),
      ("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate"),
      ("1.2.840.10008.1.2.5", "RLE Lossless"),
      ("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression"),
    ])
}
