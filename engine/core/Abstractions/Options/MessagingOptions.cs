namespace Orleans.Configuration;

/// <summary>How calls travel.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits for an answer.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest message that is sent or accepted, in bytes.</summary>
    public int MaxMessageBodySize { get; set; } = 100 * 1024 * 1024;

    /// <summary>When a caller gives up, the token that the callee was given is cancelled.</summary>
    public bool CancelRequestOnTimeout { get; set; }

    /// <summary>A caller that cancels waits for what the callee makes of it.</summary>
    public bool WaitForCancellationAcknowledgement { get; set; }
}
