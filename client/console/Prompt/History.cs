namespace OrleansCache.Cli.Prompt;

/// <summary>The lines typed before, the newest last, optionally kept in a file.</summary>
internal sealed class History
{
    private const int MaxLines = 500;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly List<string> _lines = [];
    private readonly string? _file;

    /// <summary>Reads the file. One that cannot be read is treated as empty and not written.</summary>
    public History(string? file = null)
    {
        _file = file;
        try
        {
            if (file is not null && File.Exists(file))
                _lines.AddRange(File.ReadLines(file).TakeLast(MaxLines));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _file = null;
        }
    }

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    /// <summary>Adds a line, unless it equals the previous one.</summary>
    public void Add(string line)
    {
        if (line.Length == 0 || (_lines.Count > 0 && _lines[^1] == line))
            return;
        _lines.Add(line);
        if (_lines.Count > MaxLines)
            _lines.RemoveAt(0);
    }

    /// <summary>Writes the lines to the file, which only its owner may read, without those that have a password in clear.</summary>
    public void Save()
    {
        if (_file is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
                // One of an earlier version.
                if (File.Exists(_file))
                    File.SetUnixFileMode(_file, OwnerOnly);
            }

            using var writer = new StreamWriter(_file, options);
            foreach (var line in _lines.Where(line => !HasSecret(line)))
                writer.WriteLine(line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A history that cannot be saved is not worth an error message when the program ends.
            _lines.Clear();
        }
    }

    private static bool HasSecret(string line) =>
        line.Contains("password=", StringComparison.OrdinalIgnoreCase)
        && !line.Contains("password=${", StringComparison.OrdinalIgnoreCase);
}
