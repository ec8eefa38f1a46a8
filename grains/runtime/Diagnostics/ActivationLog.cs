using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Diagnostics;

/// <summary>
/// Logs when the activation of a grain begins and ends, to show that a grain is active once: category <see cref="Category"/>, level Debug.
/// The times are of the machine's monotonic clock, which its processes share, so that the logs of several silos can be compared.
/// </summary>
internal sealed partial class ActivationLog(ILoggerFactory loggers, Clock clock)
{
    public const string Category = "OrleansCache.Activations";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>To be called first when a grain is activated.</summary>
    public void Began(Grain grain) => LogBegan(grain.GetGrainId(), clock.TimeProvider.GetTimestamp());

    /// <summary>To be called last when a grain is deactivated.</summary>
    public void Ended(Grain grain) => LogEnded(grain.GetGrainId(), clock.TimeProvider.GetTimestamp());

    [LoggerMessage(EventId = 1720, Level = LogLevel.Debug, Message = "{Grain} begins at {Time}")]
    private partial void LogBegan(GrainId grain, long time);

    [LoggerMessage(EventId = 1721, Level = LogLevel.Debug, Message = "{Grain} ends at {Time}")]
    private partial void LogEnded(GrainId grain, long time);
}
