import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// Files of many frames, read through files that stay open.
struct FrameLoaderTests {
  private static let frameCount = 40

  /// Two objects whose frames all differ.
  private static func frames(_ object: Int) -> [StoredFrame] {
    let format = ImageFormat(
      rows: 6, columns: 5, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 12)
    return (0..<frameCount).map { frame in
      var bytes: [UInt8] = []
      for pixel in 0..<30 {
        bytes.append(UInt8((pixel * 7 + frame * 3) % 256))
        bytes.append(UInt8((frame + object * 5) % 16))
      }
      return StoredFrame(format: format, bytes: bytes)
    }
  }

  @Test(
    "frames come out in order, each once, whatever the number of threads",
    arguments: [UID.explicitVRLittleEndian, .rleLossless, .jpegLSLossless])
  func order(transferSyntax: UID) async throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "in/empty")
    for object in 0..<2 {
      var dataSet = DataSet()
      dataSet.set(.sopClassUID, .secondaryCaptureImageStorage)
      dataSet.set(.sopInstanceUID, .ui, "1.2.3.1.\(object + 1)")
      dataSet.set(.seriesInstanceUID, .ui, "1.2.3.1")
      dataSet.set(.studyInstanceUID, .ui, "1.2.3")
      dataSet.set(.modality, .cs, "OT")
      try DICOMFileWriter.write(
        dataSet, transferSyntax: transferSyntax, frames: Self.frames(object), to: folder.path("in/\(object).dcm"))
    }
    let expected = (0..<2).flatMap { Self.frames($0).map(\.pixelDigest.description) }
    var outputs: [[String: [UInt8]]] = []
    for threads in [1, 5] {
      let output = folder.path("out\(threads)")
      let request = try PreprocessRequest(
        inputs: [folder.path("in")], output: output, window: "min-max", preset: "tf-bilinear-padded", size: 8,
        format: .safetensors, threads: threads, decoder: .built)
      _ = try await PreprocessRun(request).run()
      let lines = try String(decoding: folder.read("out\(threads)/log.jsonl"), as: UTF8.self).split(separator: "\n")
        .compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        .filter { $0["outcome"] as? String == "used" }
      #expect(lines.compactMap { $0["pixel_digest"] as? String } == expected)
      #expect(lines.compactMap { $0["frame"] as? Int } == Array(1...Self.frameCount) + Array(1...Self.frameCount))
      outputs.append(try TemporaryFolder.contents(of: output))
    }
    #expect(outputs[0] == outputs[1])
  }
}
