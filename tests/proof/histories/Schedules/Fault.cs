namespace OrleansCache.Proof.Schedules;

/// <summary>A kind of fault. The set is open: a harness may define others.</summary>
/// <param name="Name">The name in schedules and output.</param>
/// <param name="Point">The named point of the code at which it happens; null if the schedule determines the time.</param>
public readonly record struct Fault(string Name, string? Point = null)
{
    /// <summary>A silo's process is killed and restarted after a while.</summary>
    public static readonly Fault KillSilo = new(nameof(KillSilo));

    /// <summary>A silo's process is paused for a while.</summary>
    public static readonly Fault PauseSilo = new(nameof(PauseSilo));

    /// <summary>A silo is stopped gracefully and restarted.</summary>
    public static readonly Fault RestartSilo = new(nameof(RestartSilo));

    /// <summary>A Redis hangs for a while: it accepts commands and does not respond.</summary>
    public static readonly Fault HangRedis = new(nameof(HangRedis));

    /// <summary>A client's process is paused for a while.</summary>
    public static readonly Fault PauseClient = new(nameof(PauseClient));

    /// <summary>Messages of a process are delayed.</summary>
    public static readonly Fault DelayMessages = new(nameof(DelayMessages));

    /// <summary>Messages of a process are lost.</summary>
    public static readonly Fault LoseMessages = new(nameof(LoseMessages));

    /// <summary>Messages of a process overtake each other.</summary>
    public static readonly Fault ReorderMessages = new(nameof(ReorderMessages));

    /// <summary>A silo evicts a book from its memory.</summary>
    public static readonly Fault EvictBook = new(nameof(EvictBook));

    /// <summary>The catalog refuses a commit.</summary>
    public static readonly Fault FailCommit = new(nameof(FailCommit));

    /// <summary>The catalog commits, now or later, and its response is lost.</summary>
    public static readonly Fault LoseCommit = new(nameof(LoseCommit));

    /// <summary>A book is edited directly in the database.</summary>
    public static readonly Fault SqlEdit = new(nameof(SqlEdit));

    /// <summary>No packet passes a link between two regions for a while.</summary>
    public static readonly Fault CutLink = new(nameof(CutLink));

    /// <summary>No packet passes one direction of a link for a while.</summary>
    public static readonly Fault CutOneWay = new(nameof(CutOneWay));

    /// <summary>No packet reaches or leaves a region for a while.</summary>
    public static readonly Fault IsolateRegion = new(nameof(IsolateRegion));

    /// <summary>A share of all packets between regions is lost for a while.</summary>
    public static readonly Fault LosePackets = new(nameof(LosePackets));

    /// <summary>A process is killed when it next reaches a named point of the code.</summary>
    public static Fault KillAtPoint(string point) => new(nameof(KillAtPoint), point);

    /// <inheritdoc/>
    public override string ToString() => Point is null ? Name : $"{Name}({Point})";
}
