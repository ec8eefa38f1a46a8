namespace OrleansCache.Engine.Membership;

/// <summary>The membership table cannot be reached, or does not answer in time.</summary>
internal sealed class MembershipUnavailableException(string message, Exception? cause = null) : OrleansException(message, cause!);
