namespace OrleansCache.Engine.Refusal.Tests;

/// <summary>Another such type.</summary>
public sealed class UnsendableAnswer
{
    /// <summary>Some content.</summary>
    public string? Content { get; set; }
}
