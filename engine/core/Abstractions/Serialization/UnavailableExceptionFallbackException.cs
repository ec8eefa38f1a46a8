using System.Diagnostics;
using System.Runtime.Serialization;

namespace Orleans.Serialization;

/// <summary>Stands for an exception whose type is not known in this process.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class UnavailableExceptionFallbackException : Exception
{
    /// <summary>A substitute that says nothing yet.</summary>
    public UnavailableExceptionFallbackException()
    {
    }

    /// <summary>For the formatters of old; nothing here uses it.</summary>
    /// <param name="info">The members.</param>
    /// <param name="context">Where they come from.</param>
    [Obsolete]
    public UnavailableExceptionFallbackException(SerializationInfo info, StreamingContext context)
        : base(info, context)
    {
        foreach (var entry in info)
            Properties[entry.Name] = entry.Value;
    }

    /// <summary>A substitute with a message.</summary>
    /// <param name="message">What the original said.</param>
    /// <param name="innerException">What led to it.</param>
    public UnavailableExceptionFallbackException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What else is known of the original, by name.</summary>
    public Dictionary<string, object?> Properties { get; } = [];

    /// <summary>The name of the original's type.</summary>
    public string? ExceptionType { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{ExceptionType ?? "An exception"} (a type that is not known here): {base.ToString()}";
}
