/// A library that Bucky loads, and since when its package has every fix that is known for it.
struct PatchedPackage {
  /// As people call it.
  let library: String
  /// How the name of the library's file starts.
  let file: String
  /// The source package.
  let source: String
  /// The first version with every fix that the distribution has published.
  let patched: String
  /// Where that is said.
  let evidence: String
  /// What is known to be open even then, in a few words; SECURITY.md says more.
  let open: String?
}

/// The minimum versions that `bucky doctor` asks for. To refresh them, see SECURITY.md, "Known weaknesses of dependencies".
enum PatchedPackages {
  /// When the list was last compared with what Debian offers.
  static let date = "2026-11-21"

  /// The one distribution whose versions are known here, as ``Distribution/id`` spells it.
  static let distribution = "debian 12"

  static let all = [
    PatchedPackage(
      library: "DCMTK with its own IJG JPEG and CharLS", file: "libdcmdata.so", source: "dcmtk",
      patched: "3.6.7-9~deb12u4", evidence: "changelog of dcmtk 3.6.7-9~deb12u4, 2026-06-24",
      open: "nesting (CVE-2026-10528), refused before DCMTK reads a file"),
    PatchedPackage(
      library: "OpenJPEG", file: "libopenjp2.so", source: "openjpeg2", patched: "2.5.0-2+deb12u3",
      evidence: "changelog of openjpeg2 2.5.0-2+deb12u3, 2026-05-12", open: nil),
    PatchedPackage(
      library: "libpng", file: "libpng16.so", source: "libpng1.6", patched: "1.6.39-2+deb12u6",
      evidence: "changelog of libpng1.6 1.6.39-2+deb12u6, 2026-10-05", open: nil),
    PatchedPackage(
      library: "FreeType", file: "libfreetype.so", source: "freetype", patched: "2.12.1+dfsg-5+deb12u4",
      evidence: "changelog of freetype 2.12.1+dfsg-5+deb12u4, 2025-03-14",
      open: "fonts made to harm; the one font that is read comes with Debian"),
    PatchedPackage(
      library: "zlib", file: "libz.so", source: "zlib", patched: "1:1.2.13.dfsg-1",
      evidence: "package lists of Debian 12, 2026-11-21", open: "functions that are not used here"),
    PatchedPackage(
      library: "SentencePiece", file: "libsentencepiece.so", source: "sentencepiece", patched: "0.1.97-3",
      evidence: "package lists of Debian 12, 2026-11-21",
      open: "models made to harm (CVE-2026-1260), refused before the library reads one"),
  ]
}
