namespace Orleans.Configuration;

/// <summary>How calls travel to and from clients.</summary>
public class ClientMessagingOptions : MessagingOptions;
