internal import CKernels

/// The instructions that the kernels use, from the fastest; each processor has one that suits it best.
///
/// 32-bit results are the same bits on every path with fused multiplication and addition, which is all but ``portable`` on
/// x86-64. Sums of 8-bit integers are exact everywhere.
package enum KernelPath: String, Sendable, CaseIterable {
  /// AVX-512 with products of bfloat16 and of 8-bit integers: Zen 4, Sapphire Rapids and later.
  case avx512bf16
  /// AVX-512 with products of 8-bit integers: Cascade Lake, Ice Lake.
  case avx512vnni
  /// AVX-512 alone: Skylake-SP.
  case avx512
  /// AVX2 with fused multiplication and addition: Haswell, Zen and later.
  case avx2
  /// What the compiler makes for any processor of the architecture; without AVX2 many times slower.
  case portable

  /// For records.
  package var name: String { rawValue }

  /// Whether this processor and its operating system have the instructions.
  package var isSupported: Bool { unsafe ck_kernels_named(rawValue) != nil }

  /// The fastest that this processor has, chosen once.
  package static let current: KernelPath = allCases.first(where: \.isSupported) ?? .portable
}

/// The kernels of one path.
///
/// Safe to share: the table is constant and its functions keep no state.
@safe
package struct Kernels: @unchecked Sendable {
  package let path: KernelPath
  private let table: UnsafePointer<ck_kernels>

  /// - Precondition: The processor supports `path`.
  package init(_ path: KernelPath = .current) {
    guard let table = unsafe ck_kernels_named(path.rawValue) else {
      preconditionFailure("this processor cannot run the \(path.rawValue) kernels")
    }
    self.path = path
    unsafe self.table = table
  }

  @unsafe var functions: ck_kernels { unsafe table.pointee }
}
