namespace OrleansCache.Proof.Schedules;

/// <summary>What can be done to a cluster. The set is open: a harness may name others.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Point">The named point of the code at which it is done; null when the schedule's moment decides.</param>
public readonly record struct Fault(string Name, string? Point = null)
{
    /// <summary>A silo's process is killed and stays away for a while.</summary>
    public static readonly Fault KillSilo = new(nameof(KillSilo));

    /// <summary>A silo's process stands still for a while and then goes on.</summary>
    public static readonly Fault PauseSilo = new(nameof(PauseSilo));

    /// <summary>A silo is stopped in order and started again.</summary>
    public static readonly Fault RestartSilo = new(nameof(RestartSilo));

    /// <summary>A Redis accepts what it is sent and does not answer for a while.</summary>
    public static readonly Fault HangRedis = new(nameof(HangRedis));

    /// <summary>A client's process stands still for a while and then goes on.</summary>
    public static readonly Fault PauseClient = new(nameof(PauseClient));

    /// <summary>Messages of a process arrive late.</summary>
    public static readonly Fault DelayMessages = new(nameof(DelayMessages));

    /// <summary>Messages of a process do not arrive.</summary>
    public static readonly Fault LoseMessages = new(nameof(LoseMessages));

    /// <summary>Messages of a process overtake each other.</summary>
    public static readonly Fault ReorderMessages = new(nameof(ReorderMessages));

    /// <summary>A book leaves the memory of a silo.</summary>
    public static readonly Fault EvictBook = new(nameof(EvictBook));

    /// <summary>The catalog refuses a commit.</summary>
    public static readonly Fault FailCommit = new(nameof(FailCommit));

    /// <summary>The catalog makes a commit, or makes it later, and its answer is lost.</summary>
    public static readonly Fault LoseCommit = new(nameof(LoseCommit));

    /// <summary>A book is edited directly in the database.</summary>
    public static readonly Fault SqlEdit = new(nameof(SqlEdit));

    /// <summary>A process is killed when it next reaches a named point of the code.</summary>
    public static Fault KillAtPoint(string point) => new(nameof(KillAtPoint), point);

    /// <inheritdoc/>
    public override string ToString() => Point is null ? Name : $"{Name}({Point})";
}
