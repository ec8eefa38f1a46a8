using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Diagnostics;

/// <summary>
/// Tells, for whoever doubts it, that a grain is active once: a line when an activation begins and one when it has ended, of the
/// category <see cref="Category"/> and the level Debug. The times are those of the machine's monotonic clock, which its
/// processes share, so the lines of several silos of one machine can be laid beside each other.
/// </summary>
internal sealed partial class ActivationLog(ILoggerFactory loggers, Clock clock)
{
    public const string Category = "OrleansCache.Activations";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>To be called first of all when a grain is activated.</summary>
    public void Began(Grain grain) => LogBegan(grain.GetGrainId(), clock.TimeProvider.GetTimestamp());

    /// <summary>To be called last of all when a grain is deactivated.</summary>
    public void Ended(Grain grain) => LogEnded(grain.GetGrainId(), clock.TimeProvider.GetTimestamp());

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Grain} begins at {Time}")]
    private partial void LogBegan(GrainId grain, long time);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Grain} ends at {Time}")]
    private partial void LogEnded(GrainId grain, long time);
}
