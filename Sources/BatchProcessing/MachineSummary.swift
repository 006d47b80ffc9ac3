internal import Foundation

/// What of this machine matters to the encoder: processor, instruction sets, cores and memory.
package struct MachineSummary: Sendable, Codable, Equatable {
  package let processor: String
  package let cores: Int
  package let memoryGiB: Double
  /// Those of ``instructionSets`` that the processor has, in that order.
  package let features: [String]

  /// Instruction sets that speed up the encoder, as Linux spells them in `/proc/cpuinfo`.
  package static let instructionSets = ["avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8"]

  /// Reads `/proc/cpuinfo`; a machine without it gives empty fields, not an error.
  package static func current() -> MachineSummary {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    return MachineSummary(
      processorInformation: information, cores: ProcessInfo.processInfo.activeProcessorCount,
      memory: ProcessInfo.processInfo.physicalMemory)
  }

  init(processorInformation: String, cores: Int, memory: UInt64) {
    func field(_ name: String) -> String? {
      processorInformation.split(separator: "\n").first { $0.hasPrefix(name) }
        .flatMap { $0.split(separator: ":", maxSplits: 1).last }
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let flags = Set((field("flags") ?? "").split(separator: " ").map(String.init))
    self.processor = field("model name") ?? "unknown processor"
    self.cores = cores
    self.memoryGiB = (Double(memory) / 1_073_741_824 * 10).rounded() / 10
    self.features = Self.instructionSets.filter(flags.contains)
  }

  enum CodingKeys: String, CodingKey {
    case processor, cores, features
    case memoryGiB = "memory_gib"
  }
}
