package Html;
use strict;
use warnings;

# The template with each {{name}} replaced by its value.
sub render {
    my ($template, %values) = @_;
    $template =~ s/\{\{(\w+)\}\}/$values{$1}/g;
    return $template;
}

1;
