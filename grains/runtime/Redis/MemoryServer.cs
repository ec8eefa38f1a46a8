using System.Collections.Concurrent;
using OrleansCache.Entries;

namespace OrleansCache.Redis;

/// <summary>
/// A stand-in for a Redis server inside of the process: a bounded map whose entries expire, and which evicts the least recently used
/// ones when it is full. It can be stopped, started and paused like a process.
/// </summary>
internal sealed class MemoryServer
{
    // The approximate size of an entry beside its key and its payload: map, list, set and object headers.
    private const int EntryOverhead = 256;

    private readonly Clock _clock;
    private readonly long _capacity;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private readonly SortedSet<(long Expiry, string Key)> _byExpiry = new(Comparer<(long Expiry, string Key)>.Create(static (x, y) =>
        x.Expiry != y.Expiry ? x.Expiry.CompareTo(y.Expiry) : string.CompareOrdinal(x.Key, y.Key)));

    private long _bytes;
    private bool _stopped;
    private TaskCompletionSource? _pause;

    internal MemoryServer(string name, Clock clock, long capacity)
    {
        Name = name;
        _clock = clock;
        _capacity = capacity;
    }

    /// <summary>The server's name.</summary>
    public string Name { get; }

    /// <summary>The number of entries.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return _entries.Count;
            }
        }
    }

    /// <summary>The approximate size of its entries in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return _bytes;
            }
        }
    }

    /// <summary>Stops the server: calls fail at once, and its entries are lost.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Empty();
        }

        // Calls that wait for a paused server fail when it is stopped.
        Resume();
    }

    /// <summary>Starts the server again, empty.</summary>
    public void Start()
    {
        lock (_gate)
            _stopped = false;
    }

    /// <summary>Makes the server hang: calls do not end until <see cref="Resume"/> or <see cref="Stop"/>.</summary>
    public void Pause()
    {
        lock (_gate)
            _pause ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends a pause; the entries are unchanged.</summary>
    public void Resume()
    {
        TaskCompletionSource? pause;
        lock (_gate)
        {
            pause = _pause;
            _pause = null;
        }

        pause?.SetResult();
    }

    /// <summary>Completes when the server accepts a call: at once, unless it is paused.</summary>
    internal async Task EnterAsync()
    {
        while (Pausing() is { } pause)
            await pause.ConfigureAwait(false);
    }

    internal NodeEntry? Read(string key)
    {
        lock (_gate)
        {
            Expire();
            if (!_entries.TryGetValue(key, out var entry))
                return null;
            _byUse.Remove(entry);
            _byUse.AddFirst(entry);
            return new(entry.Value.Row, TimeSpan.FromMilliseconds(entry.Value.Expiry - _clock.Now));
        }
    }

    internal void Write(CachedRow row, TimeSpan timeToLive, bool overwrite)
    {
        var milliseconds = (long)timeToLive.TotalMilliseconds;
        if (milliseconds < 1)
            return;
        lock (_gate)
        {
            Expire();
            if (_entries.TryGetValue(row.Key, out var old))
            {
                if (!overwrite && old.Value.Row.Identity.Version > row.Identity.Version)
                    return;
                Drop(old);
            }

            var entry = _byUse.AddFirst(new Entry(row, _clock.Now + milliseconds));
            _entries.Add(row.Key, entry);
            _byExpiry.Add((entry.Value.Expiry, row.Key));
            _bytes += entry.Value.Bytes;
            while (_bytes > _capacity)
                Drop(_byUse.Last!);
        }
    }

    internal void Remove(IReadOnlyList<string> keys)
    {
        lock (_gate)
        {
            foreach (var key in keys)
            {
                if (_entries.TryGetValue(key, out var entry))
                    Drop(entry);
            }
        }
    }

    internal long Clear()
    {
        lock (_gate)
        {
            Expire();
            var count = _entries.Count;
            Empty();
            return count;
        }
    }

    private void Empty()
    {
        _entries.Clear();
        _byUse.Clear();
        _byExpiry.Clear();
        _bytes = 0;
    }

    private Task? Pausing()
    {
        lock (_gate)
        {
            return _stopped
                ? throw new IOException($"The server memory:{Name} is stopped.")
                : _pause?.Task;
        }
    }

    private void Expire()
    {
        while (_byExpiry.Count > 0 && _byExpiry.Min is var first && first.Expiry <= _clock.Now)
            Drop(_entries[first.Key]);
    }

    private void Drop(LinkedListNode<Entry> entry)
    {
        _entries.Remove(entry.Value.Row.Key);
        _byExpiry.Remove((entry.Value.Expiry, entry.Value.Row.Key));
        _byUse.Remove(entry);
        _bytes -= entry.Value.Bytes;
    }

    private sealed record Entry(CachedRow Row, long Expiry)
    {
        public long Bytes => EntryOverhead + (2L * Row.Key.Length) + (Row.Payload?.Length ?? 0);
    }
}

/// <summary>
/// The servers behind <c>memory:NAME</c> connections. Silos of one process that share an instance share the servers, as they would share
/// a Redis. A server is created when its name is first used, and stays.
/// </summary>
/// <param name="clock">The clock of the entries' expiry.</param>
/// <param name="settings">The size of a server.</param>
internal sealed class MemoryServers(Clock clock, NodeOptions settings)
{
    private readonly ConcurrentDictionary<string, MemoryServer> _servers = new(StringComparer.Ordinal);

    /// <summary>The server of a name.</summary>
    public MemoryServer Get(string name) => _servers.GetOrAdd(
        name,
        static (name, servers) => new(name, servers.Clock, servers.Bytes),
        (Clock: clock, Bytes: settings.MemoryServerBytes));
}
