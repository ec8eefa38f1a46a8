namespace OrleansCache.Cli.Prompt;

/// <summary>The lines typed before, the newest last; kept in a file if there is one to keep them in.</summary>
internal sealed class History
{
    private const int Most = 500;

    private readonly List<string> _lines = [];
    private readonly string? _file;

    /// <summary>Reads what the file has; a file that cannot be read is no history.</summary>
    public History(string? file = null)
    {
        _file = file;
        try
        {
            if (file is not null && File.Exists(file))
                _lines.AddRange(File.ReadLines(file).TakeLast(Most));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _file = null;
        }
    }

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    /// <summary>Adds a line, unless it is the same as the one before.</summary>
    public void Add(string line)
    {
        if (line.Length == 0 || (_lines.Count > 0 && _lines[^1] == line))
            return;
        _lines.Add(line);
        if (_lines.Count > Most)
            _lines.RemoveAt(0);
    }

    /// <summary>Writes the lines to the file.</summary>
    public void Save()
    {
        if (_file is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            File.WriteAllLines(_file, _lines);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A history that cannot be kept is no reason to complain when the program ends.
            _lines.Clear();
        }
    }
}
