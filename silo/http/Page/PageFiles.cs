using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCache.Http;

/// <summary>The files of the page, which are embedded in this program.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";
    private const string FirstFile = "index.html";

    private readonly FrozenDictionary<string, PageFile> _files;

    private PageFiles(IEnumerable<PageFile> files)
    {
        var sorted = files.OrderBy(file => file.Name, StringComparer.Ordinal).ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in sorted)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Name));
            hash.AppendData(file.Content.Span);
        }

        Version = Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
        _files = sorted.ToFrozenDictionary(file => file.Name, StringComparer.Ordinal);
        var first = _files[FirstFile];
        First = first with
        {
            Content = Encoding.UTF8.GetBytes(
                Encoding.UTF8.GetString(first.Content.Span).Replace("{version}", Version, StringComparison.Ordinal)),
        };
    }

    /// <summary>A hash of all files, which is part of their addresses.</summary>
    public string Version { get; }

    /// <summary>The page itself.</summary>
    public PageFile First { get; }

    /// <summary>All files.</summary>
    public IEnumerable<PageFile> All => _files.Values;

    /// <summary>A file by its name; null if there is none.</summary>
    public PageFile? Find(string name) => name == FirstFile ? null : _files.GetValueOrDefault(name);

    /// <summary>Reads them.</summary>
    public static PageFiles Read()
    {
        var assembly = typeof(PageFiles).Assembly;
        return new(assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new PageFile(name[Prefix.Length..].Replace('\\', '/'), TypeOf(name), content);
        }));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}
