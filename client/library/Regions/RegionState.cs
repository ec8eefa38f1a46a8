using System.Diagnostics.CodeAnalysis;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>What this client believes of a region.</summary>
internal enum RegionStatus
{
    /// <summary>No gateway has answered yet, and none has failed: attempts wait for the connection.</summary>
    Connecting,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It is silent, and is asked last.</summary>
    Suspect,

    /// <summary>It cannot be reached: attempts fail at once, without a message.</summary>
    Down,
}

/// <summary>What happened to an attempt or a ping.</summary>
internal enum RegionEvent
{
    /// <summary>An answer of any kind, early or late, an error of a grain's own included.</summary>
    Answer,

    /// <summary>No answer within the patience.</summary>
    Silence,

    /// <summary>A message that could not be sent, or that was lost with its connection.</summary>
    Error,

    /// <summary>A try to connect that failed, or a connection that was given up.</summary>
    NoConnection,
}

/// <summary>
/// Whether a region may be asked: one state machine, fed by the attempts of lookups and by pings. Its transitions are a table in
/// docs/protocol.md, "Whom a client asks", and one expression here. It is both a failure detector and a circuit breaker (M. Nygard,
/// "Release It!", 2007). Nothing is known of single silos, since the cluster decides where a grain lives. Thread-safe.
/// </summary>
/// <param name="distance">How far away the region is.</param>
/// <param name="lag">How late this process itself runs.</param>
/// <param name="time">The time.</param>
/// <param name="ready">Called, under no lock, when the region has become ready.</param>
internal sealed class RegionState(RegionDistance distance, ProcessLag lag, TimeProvider time, Action? ready = null)
{
    /// <summary>
    /// The silences in a row that make a region suspect. One may be a lost message, two a pause of one silo; a region with silos that
    /// answer has an answer in between.
    /// </summary>
    public const int SilencesToSuspect = 3;

    /// <summary>
    /// The errors in a row that mean that it cannot be reached. Where one of two silos is lost, half of the outcomes are errors, and so
    /// many in a row come only from calls that are lost together; the next answer of the other silo ends that.
    /// </summary>
    public const int ErrorsToDown = 16;

    /// <summary>
    /// The pause between two attempts at a region that is down, and between two rounds of a lookup over places that have all failed. It
    /// bounds how long a region that is back stays unused, and ten messages a second cost nothing.
    /// </summary>
    public static readonly TimeSpan TrialPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private volatile RegionStatus _status;
    private volatile bool _isClean = true;
    private int _silences;
    private int _errors;
    private long _lastTrial;
    private string _reason = "";

    /// <summary>What is believed of it now.</summary>
    public RegionStatus Status => _status;

    /// <summary>How far away it is.</summary>
    public RegionDistance Distance => distance;

    /// <summary>Whether it is asked last.</summary>
    public bool IsLast => _status is RegionStatus.Suspect or RegionStatus.Down;

    /// <summary>The state machine: all transitions.</summary>
    /// <param name="status">The status.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="silences">The silences since the last answer, this one included.</param>
    /// <param name="errors">The errors since the last answer, this one included.</param>
    /// <returns>The next status.</returns>
    public static RegionStatus Next(RegionStatus status, RegionEvent happened, int silences, int errors) => (status, happened) switch
    {
        (_, RegionEvent.Answer) => RegionStatus.Ready,
        (_, RegionEvent.NoConnection) => RegionStatus.Down,
        (_, RegionEvent.Error) when errors >= ErrorsToDown => RegionStatus.Down,
        (RegionStatus.Connecting or RegionStatus.Ready, RegionEvent.Silence) when silences >= SilencesToSuspect => RegionStatus.Suspect,
        _ => status,
    };

    /// <summary>Whether an attempt may be sent: always, except where the region is down and was tried a moment ago.</summary>
    /// <param name="reason">Why not, with the latest error.</param>
    public bool TryPass([NotNullWhen(false)] out string? reason)
    {
        reason = null;
        // In the usual case no lock is taken and no clock read.
        if (_status is not RegionStatus.Down)
            return true;
        lock (_gate)
        {
            if (_status is not RegionStatus.Down || time.GetElapsedTime(_lastTrial) >= TrialPause)
            {
                _lastTrial = time.GetTimestamp();
                return true;
            }

            reason = $"not asked, because nothing there can be reached: {_reason}";
            return false;
        }
    }

    /// <summary>Notes an answer, late ones too.</summary>
    public void NoteAnswer()
    {
        // In the usual case no lock is taken.
        if (_isClean && _status is RegionStatus.Ready)
            return;
        Note(RegionEvent.Answer, null);
    }

    /// <summary>
    /// Notes that nothing came within a time. It says nothing about the region when this process itself was late meanwhile, and so may not
    /// have read what came.
    /// </summary>
    public void NoteSilence(TimeSpan patience)
    {
        if (lag.Current < patience / 2)
            Note(RegionEvent.Silence, null);
    }

    /// <summary>Notes an attempt that could not be sent, or whose message was lost.</summary>
    /// <param name="reason">The kind of error. It must not name its key, because later lookups report it.</param>
    public void NoteError(string reason) => Note(RegionEvent.Error, reason);

    /// <summary>Notes that there is no connection.</summary>
    public void NoteNoConnection(string reason) => Note(RegionEvent.NoConnection, reason);

    private void Note(RegionEvent happened, string? reason)
    {
        bool becameReady;
        lock (_gate)
        {
            (_silences, _errors) = happened switch
            {
                RegionEvent.Answer => (0, 0),
                RegionEvent.Silence => (Math.Min(_silences + 1, SilencesToSuspect), _errors),
                RegionEvent.Error => (_silences, Math.Min(_errors + 1, ErrorsToDown)),
                _ => (_silences, _errors),
            };
            var before = _status;
            _status = Next(before, happened, _silences, _errors);
            _isClean = happened is RegionEvent.Answer;
            _reason = reason ?? _reason;
            if (_status is RegionStatus.Down && before is not RegionStatus.Down)
                _lastTrial = time.GetTimestamp();
            becameReady = _status is RegionStatus.Ready && before is not RegionStatus.Ready;
        }

        if (becameReady)
            ready?.Invoke();
    }
}
