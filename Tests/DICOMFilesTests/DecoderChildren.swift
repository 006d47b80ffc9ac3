import DICOMCore
import DICOMFiles
import Foundation
import TestSupport

/// Decoder children for tests, which can be found and sent signals.
struct DecoderChildren {
  let decoder: FileDecoder
  let pool: DecoderPool
  private let folder: TemporaryFolder
  private let program: String

  /// Children that are `bucky` under a name of their own.
  init(_ limits: DecoderLimits = DecoderLimits()) throws {
    let folder = try TemporaryFolder()
    let program = folder.path("child")
    try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: BuiltProduct.bucky.path)
    self.init(program, limits, folder)
  }

  /// Children that run a shell script: 3 is the channel, 4 the shared memory.
  init(script: String, _ limits: DecoderLimits = DecoderLimits(clockSeconds: 2)) throws {
    let folder = try TemporaryFolder()
    let program = try folder.write("#!/bin/sh\n" + script, to: "child")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    self.init(program, limits, folder)
  }

  private init(_ program: String, _ limits: DecoderLimits, _ folder: TemporaryFolder) {
    pool = DecoderPool(DecoderConfiguration(executable: program, limits: limits))
    decoder = .children(pool)
    (self.folder, self.program) = (folder, program)
  }

  /// The processes that run now.
  var processes: [pid_t] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
    return numbers.filter { number in
      guard let line = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") else { return false }
      return String(decoding: line, as: UTF8.self).contains(program)
    }
  }

  func signal(_ number: Int32) {
    for process in processes { kill(process, number) }
  }
}

/// What a file comes to, for comparing decoders.
struct DecodedFile: Equatable {
  var classification: FileClassification
  var header: DICOMHeader?
  var frames: [StoredFrame] = []
  var error: DICOMFileError?

  init(_ path: String, _ decoder: FileDecoder, extent: DICOMHeader.Extent = .full) {
    classification = decoder.classify(InputFile(path: path, source: "file"))
    do throws(DICOMFileError) {
      var image = try decoder.open(path, extent: extent)
      header = image.header
      for index in 0..<image.frameCount { frames.append(try image.frame(index)) }
    } catch {
      self.error = error
    }
  }
}
