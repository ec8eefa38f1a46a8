namespace OrleansCache.Client;

/// <summary>
/// The versions that this client has lately seen, so that it never sees a book go back:
/// 1. an answer below what was seen is not taken; the catalog is asked instead;
/// 2. when the catalog itself, asked after that version was seen, has a lower one, it was restored from a backup, and counts;
/// 3. what was seen is remembered for half a minute at least, longer than any lease, of the last 32,768 books at least and of twice as
///    many at most.
/// </summary>
internal sealed class SeenVersions(TimeProvider time)
{
    /// <summary>How many books are remembered at most.</summary>
    public const int Most = 65_536;

    /// <summary>How long at least, unless so many others come.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Dictionary<string, long> _young = [];
    private Dictionary<string, long> _old = [];
    private long _turned = time.GetTimestamp();

    /// <summary>The lowest version that may be answered; 0 when nothing is known.</summary>
    public long Of(string key)
    {
        lock (_gate)
            return Find(key);
    }

    /// <summary>Notes a version that was seen.</summary>
    public void Note(string key, long version)
    {
        lock (_gate)
            Put(key, Math.Max(version, Find(key)));
    }

    /// <summary>Notes the version of an answer that is to be given, if it may be.</summary>
    /// <param name="key">The book.</param>
    /// <param name="version">The answer's version.</param>
    /// <param name="fromCatalog">Whether the catalog itself was read for it.</param>
    /// <param name="before">What <see cref="Of"/> was before it was asked for.</param>
    /// <returns>False when a later version has been seen, and the answer must not be given.</returns>
    public bool TryPass(string key, long version, bool fromCatalog, long before)
    {
        lock (_gate)
        {
            var seen = Find(key);
            // What was seen after the catalog was asked may be an edit that came after its answer.
            if (version < seen && !(fromCatalog && seen == before))
                return false;
            Put(key, version);
            return true;
        }
    }

    private long Find(string key)
    {
        Turn();
        return _young.TryGetValue(key, out var version) ? version : _old.GetValueOrDefault(key);
    }

    private void Put(string key, long version)
    {
        _young[key] = version;
        if (_young.Count >= Most / 2)
            Age();
    }

    private void Turn()
    {
        if (time.GetElapsedTime(_turned) < Memory)
            return;
        // After a long silence both are too old.
        if (time.GetElapsedTime(_turned) >= 2 * Memory)
            _young = [];
        Age();
    }

    private void Age()
    {
        (_old, _young) = (_young, []);
        _turned = time.GetTimestamp();
    }
}
