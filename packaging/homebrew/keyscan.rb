# For a tap: OWNER is where keyscan comes from, and the sum is that of the tag's archive.
class Keyscan < Formula
  desc "Finds secrets that would leave a machine with a push"
  homepage "https://github.com/OWNER/keyscan"
  url "https://github.com/OWNER/keyscan/archive/refs/tags/v0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"
  head "https://github.com/OWNER/keyscan.git", branch: "main"

  depends_on "pkg-config" => :build
  depends_on xcode: ["26.0", :build]
  depends_on "libarchive"
  depends_on "libdeflate"
  depends_on "libgit2"
  depends_on macos: :tahoe
  depends_on "pcre2"
  depends_on "vectorscan"

  uses_from_macos "swift" => :build
  uses_from_macos "zlib"

  def install
    # Homebrew builds in a sandbox, and Swift's own cannot be set up inside of it.
    system "make", "build", "RELEASE=-c release --disable-sandbox"
    bin.install ".build/keyscan"
    generate_completions_from_executable(bin/"keyscan", "--generate-completion-script",
                                         shells: [:bash, :zsh, :fish])
    system "python3", "packaging/manual.py", bin/"keyscan", "man", time.strftime("%Y-%m-%d")
    man1.install Dir["man/*.1"]
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/keyscan --version")
    system "git", "init", "-q", "repository"
    (testpath/"repository/clean").write "nothing\n"
    assert_match "no secret found", shell_output("#{bin}/keyscan repository")
    digits = [*"a".."z", *"A".."Z", *"0".."9"]
    (testpath/"repository/key").write "key = \"AIza#{Array.new(35) { digits.sample }.join}\"\n"
    assert_match "google.api-key", shell_output("#{bin}/keyscan repository", 1)
  end
end
