namespace OrleansCache.Engine.Refusal.Tests;

/// <summary>A type that nobody has made fit to be sent: it lacks <c>[GenerateSerializer]</c>.</summary>
public sealed class UnsendableThing
{
    /// <summary>Some content.</summary>
    public string? Content { get; set; }
}
